//! What becomes of every property of SurveyJS's format: the one table behind checking, `survey check --list`, and what
//! respondents are given of a definition.

use std::sync::OnceLock;

/// The objects of survey-core 3.1.1 with the properties that its serializer knows for each, and our own four.
///
/// A line without an indent names a kind of object, and behind `<` the kind whose properties it has, too. Below it stand its
/// own properties by what becomes of them:
/// `run` they do what they do in survey-core; `look` they are accepted and have no effect; `refuse` a definition with them
/// is not published, because the data, the logic or what the respondent reads would be another one.
///
/// A property is written `name|older|older:shape[kind]=value,value`. The shape says what stands in it: `if` a condition, `ex`
/// another expression, `text` words of the author's with markup and answers in them, `words` the same without markup, `name` the
/// name of a question; otherwise it is a plain value. `[kind]` is what the objects in its list are; with `[*]` their `type`
/// says it, with `[-check]` their `type` in front of it. Of a refused property the values behind `=` change nothing and are
/// taken; without any, those are what is nothing anyway: null, false, 0, and what is empty.
const TABLE: &str = "
survey
  run title:words locale pages[page] elements|questions[*] triggers[-trigger] calculatedValues[calculatedvalue] mode readOnly
  run completedHtml:text completedHtmlOnCondition[htmlconditionitem] completeText:words showProgressBar showPrevButton
  run storeOthersAsComment autoAdvanceEnabled|goNextPageAutomatic clearInvisibleValues checkErrorsMode
  run startSurveyText:words pagePrevText:words pageNextText:words previewText:words editText:words progressBarType progressBarLocation
  run showPreviewBeforeComplete previewMode questionOrder|questionsOrder regionalFormat
  run showNavigationButtons firstPageIsStartPage|firstPageIsStarted questionsOnPageMode navigateToUrl:words navigateToUrlOnCondition[urlconditionitem]
  look description:words logo:words logoWidth logoHeight logoFit logoPosition completedBeforeHtml:words loadingHtml:words
  look autoFocusFirstQuestion|focusFirstQuestionAutomatic autoFocusFirstError|focusOnFirstError sjsVersion $schema surveyShowDataSaving
  look partialSendEnabled|sendResultOnPageNext navigationButtonsLocation showTitle showPageTitles
  look showCompletePage|showCompletedPage matrixDragHandleArea showPageNumbers showQuestionNumbers questionTitleLocation
  look questionDescriptionLocation questionErrorLocation progressBarShowPageNumbers
  look progressBarShowNavigationText|progressBarShowPageTitles progressBarNavigationTextLocation progressBarInheritWidthFrom
  look showTOC tocLocation tocItemComponent autoAdvanceAllowComplete|allowCompleteSurveyAutomatic validateVisitedEmptyFields
  look textUpdateMode autoGrowComment allowResizeComment commentAreaRows requiredMark|requiredText questionStartIndex questionTitlePattern
  look questionTitleTemplate:words showTimer timerLocation timerInfoMode|showTimerPanelMode showTimerPanel widthMode gridLayoutEnabled
  look width fitToContainer headerView backgroundImage backgroundImageFit backgroundImageAttachment backgroundOpacity showBrandInfo
  refuse surveyId surveyPostId cookieName
  refuse maxTextLength maxCommentLength|maxOthersLength isSinglePage
  refuse timeLimit|maxTimeToFinish timeLimitPerPage|maxTimeToFinishPage
panelbase
  run name elements|questions[*] visible readOnly visibleIf:if enableIf:if requiredIf:if title:text description:text
  run questionOrder|questionsOrder
  look questionTitleWidth questionTitleLocation gridLayoutColumns[panellayoutcolumn] questionErrorLocation
panel < panelbase
  run type state isRequired requiredErrorText:words
  look startWithNewLine width minWidth maxWidth colSpan effectiveColSpan innerIndent indent page showNumber showQuestionNumbers
  look questionStartIndex allowAdaptiveActions
page < panelbase
  run isRequired showNavigationButtons|navigationButtonsVisibility
  look navigationTitle:words navigationDescription:words state
  look startWithNewLine width minWidth maxWidth colSpan effectiveColSpan innerIndent indent page showNumber showQuestionNumbers
  look questionStartIndex allowAdaptiveActions requiredErrorText:words
  refuse timeLimit|maxTimeToFinish
flowpanel < panel
  refuse content
panellayoutcolumn
  look effectiveWidth width questionTitleWidth
calculatedvalue
  run name expression:ex includeIntoResult
htmlconditionitem
  run expression:if html:text
urlconditionitem
  run expression:if url:words
question
  run type name title:text description:text visible visibleIf:if valueName enableIf:if resetValueIf:if setValueIf:if
  run setValueExpression:ex defaultValue defaultValueExpression:ex clearIfInvisible isRequired requiredIf:if requiredErrorText:words
  run readOnly validators[-validator] showCommentArea|hasComment commentText:words defaultDisplayValue:words
  look state width minWidth maxWidth colSpan effectiveColSpan startWithNewLine indent page titleLocation showTitle
  look descriptionLocation showNumber hideNumber correctAnswer errorLocation renderAs commentPlaceholder|commentPlaceHolder:words
  refuse useDisplayValuesInDynamicTexts|useDisplayValuesInTitle=true bindings randomize=true randomizeCategory
textbase < question
text < textbase
  run inputType min:bound max:bound minValueExpression:ex maxValueExpression:ex minErrorText:words maxErrorText:words stepErrorText:words
  run step maxLength placeholder|placeHolder:words maskType maskSettings
  look inputSize|size textUpdateMode autocomplete|autoComplete inputTextAlignment dataList
comment < textbase
  run maxLength rows placeholder|placeHolder:words
  look cols textUpdateMode autoGrow allowResize acceptCarriageReturn
multipletext < question
  run items[multipletextitem]
  look inputSize|itemSize colCount itemErrorLocation itemTitleWidth
multipletextitem
  run name title:text isRequired placeholder|placeHolder:words inputType maxLength requiredErrorText:words defaultValueExpression:ex
  run min:bound max:bound minValueExpression:ex maxValueExpression:ex validators[-validator]
  run maskType maskSettings
  look inputTextAlignment inputSize|size
selectbase < question
  run choices[choiceitem] choicesFromQuestion:name choicesFromQuestionMode choiceValuesFromQuestion choicesOrder hideIfChoicesEmpty
  run choicesVisibleIf:if choicesEnableIf:if showOtherItem|hasOther showNoneItem|hasNone showRefuseItem showDontKnowItem
  run noneText:words refuseText:words dontKnowText:words otherText:words otherErrorText:words storeOthersAsComment keepIncorrectValues
  look separateSpecialChoices otherPlaceholder|otherPlaceHolder:words
  refuse choiceTextsFromQuestion choicesByUrl
checkboxbase < selectbase
  look colCount
radiogroup < checkboxbase
  look allowClear|showClearButton itemComponent
buttongroup < checkboxbase
checkbox < checkboxbase
  run choices[checkboxitem] showSelectAllItem|hasSelectAll maxSelectedChoices minSelectedChoices selectAllText:words valuePropertyName
  look itemComponent
dropdown < selectbase
  run allowCustomChoices choicesMin choicesMax choicesStep
  look placeholder|optionsCaption:words allowClear|showOptionsCaption autocomplete|autoComplete textWrapEnabled searchEnabled
  look createCustomChoiceText:words searchMode choicesLazyLoadPageSize inputFieldComponent itemComponent
  refuse choicesLazyLoadEnabled
tagbox < checkbox
  run allowCustomChoices
  look placeholder:words allowClear searchEnabled createCustomChoiceText:words textWrapEnabled choicesLazyLoadPageSize
  look hideSelectedItems closeOnSelect searchMode
  refuse choicesLazyLoadEnabled
ranking < checkbox
  run selectToRankEnabled
  look showOtherItem|hasOther showNoneItem|hasNone showRefuseItem showDontKnowItem showSelectAllItem|hasSelectAll
  look otherText:words otherErrorText:words storeOthersAsComment noneText:words refuseText:words dontKnowText:words selectAllText:words
  look longTap selectToRankSwapAreas selectToRankAreasLayout selectToRankEmptyRankedAreaText:words
  look selectToRankEmptyUnrankedAreaText:words
imagepicker < checkboxbase
  run choices[imageitemvalue] multiSelect
  look showOtherItem|hasOther showNoneItem|hasNone showRefuseItem showDontKnowItem otherText:words otherErrorText:words
  look storeOthersAsComment noneText:words refuseText:words dontKnowText:words imageFit imageHeight imageWidth minImageWidth
  look minImageHeight maxImageWidth maxImageHeight showLabel
  refuse contentMode=image
itemvalue
  run value text:words visibleIf:if enableIf:if
  refuse randomize=true randomizeCategory
choiceitem < itemvalue
  run showCommentArea isCommentRequired elements[*]
  look commentPlaceholder:words
checkboxitem < choiceitem
  run isExclusive
imageitemvalue < choiceitem
  run imageLink:words
rating < question
  run rateType|rateDisplayMode autoGenerate rateCount rateValues[ratingitem] rateMin rateMax rateStep minRateDescription:words
  run maxRateDescription:words displayRateDescriptionsAsExtremeItems metric aspect complaintBelow displayMode
  look scaleColorMode rateColorMode rateDescriptionLocation itemComponent
  look mininumRateDescription:words maximumRateDescription:words
ratingitem < itemvalue
slider < question
  run sliderType min max step
  look autoGenerate showLabels tooltipVisibility tooltipFormat allowDragRange allowSwap labelCount allowClear
  refuse minValueExpression:ex maxValueExpression:ex minRangeLength maxRangeLength customLabels[sliderlabel] labelFormat={0}
sliderlabel < itemvalue
  refuse showValue
boolean < question
  run label:text labelTrue:words labelFalse:words valueTrue valueFalse renderAs consent
  look swapOrder displayMode useTitleAsLabel
expression < question
  run expression:ex precision format:words displayStyle currency maximumFractionDigits minimumFractionDigits useGrouping
matrixbase < question
  run columnsVisibleIf:if rowsVisibleIf:if
  look columnMinWidth showHeader verticalAlign alternateRows displayMode
matrix < matrixbase
  run columns[matrixcolumn] rows[itemvalue] eachRowRequired|isAllRowRequired eachRowUnique hideIfRowsEmpty cellType
  look rowTitleWidth cellComponent
  refuse cells rowOrder|rowsOrder=initial
matrixcolumn < itemvalue
  look isExclusive
matrixdropdownbase < matrixbase
  run columns[matrixdropdowncolumn] choices[choiceitem] cellType detailElements[*] detailPanelMode placeholder|optionsCaption:words
  run keyDuplicationError:words
  look columnLayout|columnsLocation transposeData cellErrorLocation detailErrorLocation horizontalScroll allowAdaptiveActions
  look singleInputTitleTemplate:words columnColCount
matrixdropdown < matrixdropdownbase
  run rows[itemvalue] totalText:words hideIfRowsEmpty
  look rowTitleWidth
  refuse rowOrder|rowsOrder=initial
matrixdynamic < matrixdropdownbase
  run allowAddRows allowRemoveRows rowCount rowCountExpression:ex minRowCount maxRowCount keyName defaultRowValue addRowText:words
  run copyDefaultValueFromLastEntry|defaultValueFromLastRow confirmDelete confirmDeleteText:words removeRowText:words
  run hideColumnsIfEmpty noRowsText|emptyRowsText:words
  look addRowButtonLocation|addRowLocation detailPanelShowOnAdding allowRowReorder|allowRowsDragAndDrop
matrixdropdowncolumn < selectbase
  run cellType isUnique totalType totalExpression:ex totalFormat:words inputType min:bound max:bound minValueExpression:ex
  run maxValueExpression:ex maxLength expression:ex rateMin rateMax rateValues[ratingitem] labelTrue:words labelFalse:words
  look cellHint:words colCount showInMultipleColumns totalDisplayStyle totalAlignment totalCurrency totalMaximumFractionDigits
  look totalMinimumFractionDigits placeholder:words
paneldynamic < question
  run templateElements|questions[*] templateTitle:text templateDescription:text noEntriesText:words allowAddPanel allowRemovePanel
  run panelCount panelCountExpression:ex minPanelCount maxPanelCount defaultPanelValue keyName keyDuplicationError:words confirmDelete
  run copyDefaultValueFromLastEntry|defaultValueFromLastPanel confirmDeleteText:words addPanelText|panelAddText:words
  run removePanelText|panelRemoveText:words templateVisibleIf:if newPanelPosition
  look templateTabTitle:words tabTitlePlaceholder:words panelsState prevPanelText|panelPrevText:words
  look nextPanelText|panelNextText:words showQuestionNumbers questionStartIndex renderMode displayMode
  look showProgressBar|showRangeInProgress progressBarLocation tabAlign templateQuestionTitleLocation|templateTitleLocation
  look templateQuestionTitleWidth templateErrorLocation removePanelButtonLocation|panelRemoveButtonLocation
file < question
  run allowMultiple acceptedCategories acceptedTypes maxFiles
  look maxSize showPreview allowImagesPreview imageHeight imageWidth storeDataAsText waitForUpload confirmDelete sourceType allowCameraAccess
  look fileOrPhotoPlaceholder:words photoPlaceholder:words filePlaceholder:words cameraFacingMode
signaturepad < question
  run dataFormat placeholder:words
  look signatureWidth signatureHeight signatureAutoScaleEnabled penMinWidth penMaxWidth height allowClear showPlaceholder
  look placeholderReadOnly:words backgroundImage penColor backgroundColor storeDataAsText waitForUpload
imagemap < question
  look imageLink areas multiSelect valuePropertyName shape idleFillColor idleStrokeColor idleStrokeWidth hoverFillColor hoverStrokeColor
  look hoverStrokeWidth selectedFillColor selectedStrokeColor selectedStrokeWidth maxSelectedAreas minSelectedAreas
nonvalue
  run type name visible visibleIf:if
  look title:words description:words valueName enableIf:if requiredIf:if resetValueIf:if setValueIf:if setValueExpression:ex defaultValue
  look defaultValueExpression:ex correctAnswer clearIfInvisible isRequired requiredErrorText:words readOnly validators titleLocation
  look showTitle showCommentArea|hasComment useDisplayValuesInDynamicTexts|useDisplayValuesInTitle state width minWidth maxWidth colSpan
  look effectiveColSpan startWithNewLine indent page descriptionLocation showNumber hideNumber errorLocation renderAs
  look commentText:words commentPlaceholder|commentPlaceHolder:words bindings defaultDisplayValue
html < nonvalue
  run html:text
image < nonvalue
  run imageLink:words altText|text:words
  look imageFit imageHeight imageWidth
  refuse contentMode=auto,image
surveyvalidator
  run type text:words notificationType
numericvalidator < surveyvalidator
  run minValue maxValue
textvalidator < surveyvalidator
  run minLength maxLength allowDigits
answercountvalidator < surveyvalidator
  run minCount maxCount
regexvalidator < surveyvalidator
  run regex caseInsensitive|insensitive
emailvalidator < surveyvalidator
expressionvalidator < surveyvalidator
  run expression:if
surveytrigger
  run type name operator value expression:if
completetrigger < surveytrigger
skiptrigger < surveytrigger
  run gotoName:name
setvaluetrigger < surveytrigger
  run setToName setValue isVariable
copyvaluetrigger < surveytrigger
  run setToName fromName:name
  refuse copyDisplayValue
runexpressiontrigger < surveytrigger
  run setToName runExpression:ex
visibletrigger < surveytrigger
  refuse pages questions
";

/// What becomes of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Class {
    /// It does what it does in survey-core.
    Run,
    /// It is kept with the definition and has no effect.
    Look,
    /// A definition with it is not published.
    Refused,
}

/// What stands in a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A number, a truth value, a word, an answer.
    Plain,
    /// A condition.
    Condition,
    /// An expression that computes a value.
    Expression,
    /// A least or most value, which is an expression behind `=`.
    Bound,
    /// Words of the author's, with markup and answers in them.
    Text,
    /// Words of the author's, with answers in them.
    Words,
    /// The name of a question.
    Name,
}

/// What the objects in a property's list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Items {
    /// There are none.
    None,
    /// Objects of this kind.
    Of(&'static str),
    /// Elements of a page: their `type` says what they are.
    Elements,
    /// Their `type`, which may lack this ending.
    Ending(&'static str),
}

/// A property of a kind of object.
#[derive(Debug)]
pub(in super::super) struct Property {
    /// Its name, and the former names under which it is still read.
    pub names: Vec<&'static str>,
    pub class: Class,
    pub(super) shape: Shape,
    pub(super) items: Items,
    /// The values of a refused property that are taken; without a list, those that are nothing.
    pub(super) harmless: Option<Vec<&'static str>>,
}

/// A kind of object.
#[derive(Debug)]
pub(in super::super) struct Object {
    pub name: &'static str,
    /// The kind whose properties it has, too.
    pub parent: Option<&'static str>,
    /// What it has beyond them, or otherwise than they are there.
    pub own: Vec<Property>,
}

/// All kinds of objects, in the table's order.
pub(super) fn objects() -> &'static [Object] {
    static OBJECTS: OnceLock<Vec<Object>> = OnceLock::new();
    OBJECTS.get_or_init(|| {
        let mut objects: Vec<Object> = Vec::new();
        for line in TABLE.lines() {
            match line
                .strip_prefix("  ")
                .and_then(|line| line.split_once(' '))
            {
                Some((class, properties)) => {
                    if let Some(object) = objects.last_mut() {
                        let class = class_of(class);
                        let properties = properties.split(' ').map(|text| property(class, text));
                        object.own.extend(properties);
                    }
                }
                None => {
                    let (name, parent) = match line.split_once(" < ") {
                        Some((name, parent)) => (name, Some(parent)),
                        None => (line, None),
                    };
                    if !name.is_empty() {
                        objects.push(Object {
                            name,
                            parent,
                            own: Vec::new(),
                        });
                    }
                }
            }
        }
        objects
    })
}

fn class_of(word: &str) -> Class {
    match word {
        "run" => Class::Run,
        "look" => Class::Look,
        _ => Class::Refused,
    }
}

fn property(class: Class, text: &'static str) -> Property {
    let (text, harmless) = match text.split_once('=') {
        Some((text, values)) => (text, Some(values.split(',').collect())),
        None => (text, None),
    };
    let (text, items) = match text.split_once('[') {
        Some((text, items)) => (text, items.trim_end_matches(']')),
        None => (text, ""),
    };
    let (names, shape) = text.split_once(':').unwrap_or((text, ""));
    Property {
        names: names.split('|').collect(),
        class,
        shape: match shape {
            "if" => Shape::Condition,
            "ex" => Shape::Expression,
            "bound" => Shape::Bound,
            "text" => Shape::Text,
            "words" => Shape::Words,
            "name" => Shape::Name,
            _ => Shape::Plain,
        },
        items: match (items, items.strip_prefix('-')) {
            ("", _) => Items::None,
            ("*", _) => Items::Elements,
            (_, Some(ending)) => Items::Ending(ending),
            (kind, None) => Items::Of(kind),
        },
        harmless,
    }
}

/// The kind of that name.
pub(super) fn object(name: &str) -> Option<&'static Object> {
    objects().iter().find(|object| object.name == name)
}

impl Object {
    /// It and the kinds whose properties it has, itself first.
    pub(super) fn line(&'static self) -> impl Iterator<Item = &'static Self> {
        std::iter::successors(Some(self), |object| {
            object.parent.and_then(object_of_parent)
        })
    }

    /// Its property of that name, its own before inherited ones.
    pub(in super::super) fn property(&'static self, name: &str) -> Option<&'static Property> {
        self.line()
            .flat_map(|object| &object.own)
            .find(|property| property.names.contains(&name))
    }

    /// The names of all its properties, without the former ones.
    pub(super) fn names(&'static self) -> impl Iterator<Item = &'static str> {
        self.line()
            .flat_map(|object| &object.own)
            .filter_map(|property| property.names.first().copied())
    }

    /// Whether it is, or has the properties of, the kind of that name.
    pub(super) fn is(&'static self, name: &str) -> bool {
        self.line().any(|object| object.name == name)
    }
}

fn object_of_parent(name: &'static str) -> Option<&'static Object> {
    object(name)
}

/// What an object in a list of such is, as its `type` says; an element of a type that nobody knows is a question.
pub(super) fn kind_of(items: Items, type_name: &str) -> Option<&'static Object> {
    match items {
        Items::None => None,
        Items::Of(kind) => object(kind),
        Items::Elements => object(type_name)
            .filter(|kind| is_element(kind))
            .or_else(|| object("question")),
        Items::Ending(ending) => {
            let name = type_name.strip_suffix(ending).unwrap_or(type_name);
            object(&[name, ending].concat()).or_else(|| object(&["survey", ending].concat()))
        }
    }
}

/// Whether it is an element of a page.
fn is_element(kind: &'static Object) -> bool {
    kind.is("question") || kind.is("nonvalue") || kind.is("panel")
}

/// Every question type and other element that a definition may name as `type`.
pub(super) fn elements() -> impl Iterator<Item = &'static Object> {
    const ABSTRACT: [&str; 7] = [
        "question",
        "textbase",
        "selectbase",
        "checkboxbase",
        "matrixbase",
        "matrixdropdownbase",
        "nonvalue",
    ];
    objects()
        .iter()
        .filter(|kind| is_element(kind) && !ABSTRACT.contains(&kind.name))
}

/// The kinds of objects that have a property of that name.
pub(super) fn owners(name: &str) -> Vec<&'static str> {
    let owners = objects()
        .iter()
        .filter(|object| object.own.iter().any(|own| own.names.contains(&name)));
    owners.map(|object| object.name).collect()
}

/// Whether any kind of object has a property of that name.
pub(in super::super) fn is_property(name: &str) -> bool {
    let mut properties = objects().iter().flat_map(|object| &object.own);
    properties.any(|property| property.names.contains(&name))
}

/// Whether a property of that name is a list of objects with properties of their own.
pub(in super::super) fn is_list(name: &str) -> bool {
    let mut properties = objects().iter().flat_map(|object| &object.own);
    properties.any(|property| property.names.contains(&name) && property.items != Items::None)
}

/// What a kind of object is called where a person reads it.
pub(super) fn spoken(name: &'static str) -> &'static str {
    match name {
        "survey" => "the survey",
        "panelbase" => "pages and panels",
        "page" => "a page",
        "question" => "every question",
        "textbase" => "text and comment",
        "selectbase" => "questions with choices",
        "checkboxbase" => "radiogroup and checkbox",
        "matrixbase" => "every matrix",
        "matrixdropdownbase" => "matrixdropdown and matrixdynamic",
        "matrixdropdowncolumn" => "a column of a matrix with questions",
        "nonvalue" => "html and image",
        "itemvalue" => "every choice, row and column",
        "choiceitem" => "a choice",
        "checkboxitem" => "a choice of checkbox",
        "imageitemvalue" => "a choice with a picture",
        "ratingitem" => "a point of a rating",
        "sliderlabel" => "a label of a slider",
        "matrixcolumn" => "a column of matrix",
        "multipletextitem" => "a line of multipletext",
        "calculatedvalue" => "a calculated value",
        "htmlconditionitem" => "an ending under a condition",
        "urlconditionitem" => "an address under a condition",
        "panellayoutcolumn" => "a column of the layout",
        "surveyvalidator" => "every validator",
        "surveytrigger" => "every trigger",
        other => other,
    }
}
