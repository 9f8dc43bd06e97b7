//! The names of SurveyJS's properties: what an author's editor may write, apart from slips and notes of their own.
//!
//! Names only. What each of them does here the reader of definitions decides (see [`check`](super::check)).

use crate::survey::Value;

/// Every property that `survey-core` 3.1 registers on any object of a definition, with the former names it still reads, and
/// our own three (`metric`, `aspect`, `complaintBelow`).
const KNOWN: &str = "\
    $schema acceptCarriageReturn acceptedCategories acceptedTypes addPanelText addRowButtonLocation addRowLocation \
    addRowText allowAdaptiveActions allowAddPanel allowAddRows allowCameraAccess allowClear \
    allowCompleteSurveyAutomatic allowCustomChoices allowDigits allowDragRange allowEmptyResponse \
    allowImagesPreview allowMultiple allowNegativeValues allowRemovePanel allowRemoveRows allowResize \
    allowResizeComment allowRowReorder allowRowsDragAndDrop allowSwap altText alternateRows areas aspect attachData \
    attachOriginalItems autoAdvanceAllowComplete autoAdvanceEnabled autoComplete autoFocusFirstError \
    autoFocusFirstQuestion autoGenerate autoGrow autoGrowComment autocomplete backgroundColor backgroundImage \
    backgroundImageAttachment backgroundImageFit backgroundImageOpacity backgroundOpacity bindings calculatedValues \
    cameraFacingMode caseInsensitive cellComponent cellErrorLocation cellHint cellType cells checkErrorsMode \
    choiceTextsFromQuestion choiceValuesFromQuestion choices choicesByUrl choicesEnableIf choicesFromQuestion \
    choicesFromQuestionMode choicesLazyLoadEnabled choicesLazyLoadPageSize choicesMax choicesMin choicesOrder \
    choicesStep choicesVisibleIf clearIfInvisible clearInvisibleValues closeOnSelect colCount colSpan cols \
    columnColCount columnLayout columnMinWidth columns columnsLocation columnsVisibleIf commentAreaRows \
    commentPlaceHolder commentPlaceholder commentText complaintBelow completeText completedBeforeHtml completedHtml \
    completedHtmlOnCondition confirmDelete confirmDeleteText content contentMode cookieName coords \
    copyDefaultValueFromLastEntry copyDisplayValue correctAnswer createCustomChoiceText currency currencyPattern \
    currencySymbol customLabels dataFormat dataList datePattern decimalSeparator defaultDisplayValue \
    defaultPanelValue defaultRowValue defaultValue defaultValueExpression defaultValueFromLastPanel \
    defaultValueFromLastRow description descriptionLocation descriptionPositionX descriptionPositionY \
    detailElements detailErrorLocation detailPanelMode detailPanelShowOnAdding displayMode \
    displayRateDescriptionsAsExtremeItems displayStyle dontKnowText eachRowRequired eachRowUnique editText \
    effectiveColSpan effectiveWidth elements emptyRowsText enableIf errorLocation expression fileOrPhotoPlaceholder \
    filePlaceholder firstPageIsStartPage firstPageIsStarted fitToContainer focusFirstQuestionAutomatic \
    focusOnFirstError format fromName goNextPageAutomatic gotoName gridLayoutColumns gridLayoutEnabled hasComment \
    hasNone hasOther hasSelectAll headerView height hideColumnsIfEmpty hideIfChoicesEmpty hideIfRowsEmpty \
    hideNumber hideSelectedItems horizontalScroll hoverFillColor hoverStrokeColor hoverStrokeWidth html iconName \
    iconSize idleFillColor idleStrokeColor idleStrokeWidth imageFit imageHeight imageLink imageLinkName imageWidth \
    includeIntoResult indent inheritWidthFrom innerIndent inputFieldComponent inputSize inputTextAlignment \
    inputType insensitive isAllRowRequired isCommentRequired isExclusive isRequired isSinglePage isUnique \
    isVariable itemComponent itemErrorLocation itemSize itemTitleWidth items keyDuplicationError keyName label \
    labelCount labelFalse labelFormat labelTrue loadingHtml locale logo logoFit logoHeight logoPosition \
    logoPositionX logoPositionY logoWidth longTap maskSettings maskType matrixDragHandleArea max maxCommentLength \
    maxCount maxErrorText maxFiles maxImageHeight maxImageWidth maxLength maxOthersLength maxPanelCount \
    maxRangeLength maxRateDescription maxRowCount maxSelectedAreas maxSelectedChoices maxSize maxTextLength \
    maxTimeToFinish maxTimeToFinishPage maxValue maxValueExpression maxWidth maximumFractionDigits \
    maximumRateDescription metric min minCount minErrorText minImageHeight minImageWidth minLength minPanelCount \
    minRangeLength minRateDescription minRowCount minSelectedAreas minSelectedChoices minValue minValueExpression \
    minWidth minimumFractionDigits mininumRateDescription mobileHeight mode multiSelect name navigateToUrl \
    navigateToUrlOnCondition navigationButtonsLocation navigationButtonsVisibility navigationDescription \
    navigationTitle newPanelPosition nextPanelText noEntriesText noRowsText noneText notificationType operator \
    optionsCaption otherErrorText otherPlaceHolder otherPlaceholder otherText overlapEnabled page pageNextText \
    pagePrevText pages panelAddText panelCount panelCountExpression panelNextText panelPrevText \
    panelRemoveButtonLocation panelRemoveText panelsState partialSendEnabled path pattern patternPreset penColor \
    penMaxWidth penMinWidth photoPlaceholder placeHolder placeholder placeholderReadOnly precision prefix \
    prevPanelText previewMode previewText progressBarInheritWidthFrom progressBarLocation \
    progressBarNavigationTextLocation progressBarShowNavigationText progressBarShowPageNumbers \
    progressBarShowPageTitles progressBarType questionDescriptionLocation questionErrorLocation questionOrder \
    questionStartIndex questionTitleLocation questionTitlePattern questionTitleTemplate questionTitleWidth \
    questions questionsOnPageMode questionsOrder randomize randomizeCategory rateColorMode rateCount \
    rateDescriptionLocation rateDisplayMode rateMax rateMin rateStep rateType rateValues readOnly refuseText regex \
    regionalFormat removePanelButtonLocation removePanelText removeRowText renderAs renderMode requiredErrorText \
    requiredIf requiredMark requiredText resetValueIf rowCount rowCountExpression rowOrder rowTitleWidth rows \
    rowsOrder rowsVisibleIf runExpression saveMaskedValue scaleColorMode searchEnabled searchMode selectAllText \
    selectToRankAreasLayout selectToRankEmptyRankedAreaText selectToRankEmptyUnrankedAreaText selectToRankEnabled \
    selectToRankSwapAreas selectedFillColor selectedStrokeColor selectedStrokeWidth sendResultOnPageNext \
    separateSpecialChoices setToName setValue setValueExpression setValueIf shape showBrandInfo showCaption \
    showClearButton showCommentArea showCompletePage showCompletedPage showDontKnowItem showHeader \
    showInMultipleColumns showLabel showLabels showNavigationButtons showNoneItem showNumber showOptionsCaption \
    showOtherItem showPageNumbers showPageTitles showPlaceholder showPrevButton showPreview \
    showPreviewBeforeComplete showProgressBar showQuestionNumbers showRangeInProgress showRefuseItem \
    showSelectAllItem showTOC showTimer showTimerPanel showTimerPanelMode showTitle showValue \
    signatureAutoScaleEnabled signatureHeight signatureWidth singleInputTitleTemplate size sjsVersion sliderType \
    sourceType startSurveyText startWithNewLine state step stepErrorText storeDataAsText storeOthersAsComment \
    suffix surveyId surveyPostId surveyShowDataSaving swapOrder tabAlign tabTitlePlaceholder templateDescription \
    templateElements templateErrorLocation templateQuestionTitleLocation templateQuestionTitleWidth \
    templateTabTitle templateTitle templateTitleLocation templateVisibleIf text textAreaWidth textGlowEnabled \
    textUpdateMode textWrapEnabled thousandsSeparator timeLimit timeLimitPerPage timePattern timerInfoMode \
    timerLocation title titleLocation titleName titlePositionX titlePositionY tocItemComponent tocLocation \
    tooltipFormat tooltipVisibility totalAlignment totalCurrency totalDisplayStyle totalExpression totalFormat \
    totalMaximumFractionDigits totalMinimumFractionDigits totalText totalType transposeData triggers type url \
    useDisplayValuesInDynamicTexts useDisplayValuesInTitle useGrouping useTitleAsLabel validateVisitedEmptyFields \
    validators value valueFalse valueName valuePropertyName valueTrue verticalAlign visible visibleIf waitForUpload \
    width widthMode";

/// The properties whose value is a list of objects with properties of their own. Everything else is a value: texts by
/// language, answers, rows by name.
const CONTAINERS: [&str; 18] = [
    "areas",
    "calculatedValues",
    "choices",
    "columns",
    "completedHtmlOnCondition",
    "customLabels",
    "detailElements",
    "elements",
    "gridLayoutColumns",
    "items",
    "navigateToUrlOnCondition",
    "pages",
    "questions",
    "rateValues",
    "rows",
    "templateElements",
    "triggers",
    "validators",
];

/// All of them, in the order of the alphabet.
pub(super) fn known() -> impl Iterator<Item = &'static str> {
    KNOWN.split_whitespace()
}

/// Whether a property of this name can stand in a definition.
pub(super) fn is_known(name: &str) -> bool {
    known().any(|known| known == name)
}

/// Whether its value is a list of objects with properties.
pub(super) fn is_container(name: &str) -> bool {
    CONTAINERS.contains(&name)
}

/// Every property that is none of SurveyJS's or ours: its place as a JSON path, and its name.
pub(super) fn unknown(definition: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(definition, "", &mut found);
    found
}

fn collect(object: &Value, path: &str, found: &mut Vec<(String, String)>) {
    for (name, value) in object.as_object().unwrap_or_default() {
        let dot = if path.is_empty() { "" } else { "." };
        let path = [path, dot, name].concat();
        if !is_known(name) {
            found.push((path, name.clone()));
        } else if is_container(name) {
            for (place, item) in value.as_list().unwrap_or_default().iter().enumerate() {
                collect(item, &format!("{path}[{place}]"), found);
            }
        }
    }
}

/// The known name that differs by at most two letters.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let by_distance = known().map(|known| (distance(name, known), known));
    let (distance, nearest) = by_distance.min_by_key(|(distance, _)| *distance)?;
    (distance <= 2 && distance < name.len()).then_some(nearest)
}

/// Levenshtein's distance, in characters, whatever their case.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, a) in left.to_lowercase().chars().enumerate() {
        let mut diagonal = line;
        let mut last = line + 1;
        for (b, cell) in right.iter().zip(row.iter_mut().skip(1)) {
            let best = (last + 1)
                .min(*cell + 1)
                .min(diagonal + usize::from(a != *b));
            diagonal = std::mem::replace(cell, best);
            last = best;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
